// In place of undici's HTTP/2, which mirrorctl never offers to a server: node:http2 takes longer to load than a sync that
// finds nothing new takes otherwise.
module.exports = () => {
  throw new Error("the server speaks HTTP/2, which was not offered");
};
