// A part of the page that is still in CommonJS.
exports.createSessionClient = require('nestjs-session-registry/client').createSessionClient;
