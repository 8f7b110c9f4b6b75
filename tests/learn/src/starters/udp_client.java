// @ABOUT@
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

public class Client {
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : @PORT@;
        DatagramSocket client = new DatagramSocket();
        byte[] question = "?".getBytes();
        client.send(new DatagramPacket(question, question.length, InetAddress.getLoopbackAddress(), port));
        // @TODO@
        client.close();
    }
}
