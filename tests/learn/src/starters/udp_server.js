// @ABOUT@
const dgram = require("dgram");

const port = Number(process.argv[2] || @PORT@);
const server = dgram.createSocket("udp4");
server.on("message", (data, client) => {
  // @TODO@
});
server.bind(port, "127.0.0.1");
