// @ABOUT@
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

public class Server {
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : @PORT@;
        DatagramSocket server = new DatagramSocket(port, InetAddress.getLoopbackAddress());
        DatagramPacket question = new DatagramPacket(new byte[65535], 65535);
        server.receive(question);
        // @TODO@
        server.close();
    }
}
