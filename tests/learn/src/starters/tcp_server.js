// @ABOUT@
const net = require("net");

const port = Number(process.argv[2] || @PORT@);
const server = net.createServer((client) => {
  // @TODO@
  client.destroy();
});
server.listen(port, "127.0.0.1");
