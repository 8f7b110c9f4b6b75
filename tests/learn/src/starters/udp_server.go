// @ABOUT@
package main

import (
	"log"
	"net"
	"os"
)

func main() {
	port := "@PORT@"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	server, err := net.ListenPacket("udp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	buffer := make([]byte, 65535)
	length, client, err := server.ReadFrom(buffer)
	if err != nil {
		log.Fatal(err)
	}
	// @TODO@
	_, _ = length, client
	server.Close()
}
