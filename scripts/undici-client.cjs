// The parts of undici that the executable needs. undici's main module also loads fetch, WebSocket, caches and mocks, which
// takes longer than a sync that finds nothing new.
module.exports = {
  Client: require("../node_modules/undici/lib/dispatcher/client.js"),
  buildConnector: require("../node_modules/undici/lib/core/connect.js"),
  errors: require("../node_modules/undici/lib/core/errors.js"),
  get ProxyAgent() {
    // The main module adds this method to every dispatcher; the agent uses it to send CONNECT to a proxy.
    const Dispatcher = require("../node_modules/undici/lib/dispatcher/dispatcher.js");
    Dispatcher.prototype.connect = require("../node_modules/undici/lib/api/api-connect.js");
    return require("../node_modules/undici/lib/dispatcher/proxy-agent.js");
  },
};
