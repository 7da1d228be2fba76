// What the executable needs of undici. Its front door loads fetch, WebSocket, caches and mocks as well, which takes
// longer than a sync that finds nothing new.
module.exports = {
  Pool: require("../node_modules/undici/lib/dispatcher/pool.js"),
  errors: require("../node_modules/undici/lib/core/errors.js"),
  get ProxyAgent() {
    return require("../node_modules/undici/lib/dispatcher/proxy-agent.js");
  },
};
