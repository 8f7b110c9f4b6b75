// @ABOUT@
const dgram = require("dgram");

const port = Number(process.argv[2] || @PORT@);
const client = dgram.createSocket("udp4");
client.send("?", port, "127.0.0.1", () => {
  // @TODO@
  client.close();
});
