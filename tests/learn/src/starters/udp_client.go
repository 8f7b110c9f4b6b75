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
	client, err := net.Dial("udp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	client.Write([]byte("?"))
	// @TODO@
	client.Close()
}
