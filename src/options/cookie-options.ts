/** How the cookies are set and who may use them. */
export interface CookieOptions {
  /**
   * Whether the access token travels in a cookie too, so that no script of a page ever holds a token.
   * @default false
   */
  access?: boolean;
  /**
   * Whether a link on another site that leads here arrives signed in: with 'lax' it does.
   * @default 'strict'
   */
  sameSite?: 'strict' | 'lax';
  /**
   * Other origins whose pages may use the cookies, such as 'https://app.example.com'. CORS is the app's own.
   * @default []
   */
  origins?: readonly string[];
}
