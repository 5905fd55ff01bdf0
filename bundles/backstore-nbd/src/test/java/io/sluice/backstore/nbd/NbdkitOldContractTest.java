package io.sluice.backstore.nbd;

import java.nio.file.Path;
import java.util.Map;

/** A server on a port that has neither structured replies nor WRITE_ZEROES, and takes 64 KiB at a time. */
public class NbdkitOldContractTest extends NbdContract {

    @Override
    protected Map<String, String> serve(Path place, int number, long sizeBytes) throws Exception {
        int port = RealServer.freePort();
        keep(RealServer.nbdkit(
                port,
                place,
                "--no-sr",
                "--filter=nozero",
                "--filter=blocksize-policy",
                "memory",
                "" + sizeBytes,
                "zeromode=none",
                "blocksize-preferred=4096",
                "blocksize-minimum=512",
                "blocksize-maximum=65536",
                "blocksize-error-policy=error"));
        return Map.of("uri", "nbd://localhost:" + port, "connections", "1");
    }
}
