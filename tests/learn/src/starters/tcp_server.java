// @ABOUT@
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

public class Server {
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : @PORT@;
        ServerSocket server = new ServerSocket(port, 128, InetAddress.getLoopbackAddress());
        Socket client = server.accept();
        // @TODO@
        client.close();
        server.close();
    }
}
