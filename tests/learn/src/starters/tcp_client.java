// @ABOUT@
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

public class Client {
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : @PORT@;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        // @TODO@
        server.close();
    }
}
