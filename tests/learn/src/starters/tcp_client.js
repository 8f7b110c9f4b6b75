// @ABOUT@
const net = require("net");

const port = Number(process.argv[2] || @PORT@);
const server = net.connect(port, "127.0.0.1", () => {
  // @TODO@
  server.destroy();
});
