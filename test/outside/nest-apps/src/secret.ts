/** The secret of this app. */
export const SECRET = 'a secret of somebody else, longer than thirty-two bytes';
