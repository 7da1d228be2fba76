// What the executable needs of undici. Its front door loads fetch, WebSocket, caches and mocks as well, which takes
// longer than a sync that finds nothing new.
module.exports = {
  Client: require("../node_modules/undici/lib/dispatcher/client.js"),
  buildConnector: require("../node_modules/undici/lib/core/connect.js"),
  errors: require("../node_modules/undici/lib/core/errors.js"),
  get ProxyAgent() {
    // The front door gives every dispatcher this method, by which the agent asks a proxy to CONNECT.
    const Dispatcher = require("../node_modules/undici/lib/dispatcher/dispatcher.js");
    Dispatcher.prototype.connect = require("../node_modules/undici/lib/api/api-connect.js");
    return require("../node_modules/undici/lib/dispatcher/proxy-agent.js");
  },
};
