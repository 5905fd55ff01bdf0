package io.sluice.backstore.nbd;

import io.sluice.backstore.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.rules.TemporaryFolder;

/** TLS on both sides: the server proves itself by its certificate, and wants to see one. */
public class NbdkitTlsContractTest extends NbdContract {

    @ClassRule
    public static final TemporaryFolder CERTIFICATES = new TemporaryFolder();

    @BeforeClass
    public static void makeCertificates() throws Exception {
        make(CERTIFICATES.getRoot().toPath());
    }

    /** Makes an authority, and certificates of a server and a client, as nbdkit and qemu name them. */
    static void make(Path folder) throws Exception {
        String ca = folder.resolve("ca-cert.pem").toString();
        String caKey = folder.resolve("ca-key.pem").toString();
        RealServer.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=authority",
                "-keyout",
                caKey,
                "-out",
                ca);
        for (String who : new String[] {"server", "client"}) {
            String key = folder.resolve(who + "-key.pem").toString();
            String request = folder.resolve(who + ".csr").toString();
            Path names = Files.writeString(folder.resolve("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
            RealServer.run(
                    "openssl",
                    "req",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-subj",
                    "/CN=" + who,
                    "-keyout",
                    key,
                    "-out",
                    request);
            RealServer.run(
                    "openssl",
                    "x509",
                    "-req",
                    "-days",
                    "2",
                    "-in",
                    request,
                    "-CA",
                    ca,
                    "-CAkey",
                    caKey,
                    "-CAcreateserial",
                    "-extfile",
                    names.toString(),
                    "-out",
                    folder.resolve(who + "-cert.pem").toString());
        }
    }

    @Override
    protected Map<String, String> serve(Path place, int number, long sizeBytes) throws Exception {
        Path folder = CERTIFICATES.getRoot().toPath();
        int port = RealServer.freePort();
        keep(RealServer.nbdkit(
                port,
                place,
                "--tls=require",
                "--tls-verify-peer",
                "--tls-certificates=" + folder,
                "memory",
                "" + sizeBytes));
        context().putSecret("keyFile", new Secret(Files.readAllBytes(folder.resolve("client-key.pem"))));
        return Map.of(
                "uri",
                "nbds://localhost:" + port,
                "ca",
                folder.resolve("ca-cert.pem").toString(),
                "certificate",
                folder.resolve("client-cert.pem").toString(),
                "keyFile",
                folder.resolve("client-key.pem").toString());
    }
}
