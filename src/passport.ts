export { JwtSessionStrategy } from './passport/jwt-session.strategy.js';
