/** The secret of every app here. */
export const SECRET = 'a secret of somebody else, longer than thirty-two bytes';
