package io.sluice.backstore.nbd;

import java.nio.file.Path;
import java.util.Map;

/** nbdkit with its memory plugin, over a socket of this machine, which allows several connections. */
public class NbdkitContractTest extends NbdContract {

    @Override
    protected Map<String, String> serve(Path place, int number, long sizeBytes) throws Exception {
        Path socket = place.resolve("s" + number);
        keep(RealServer.nbdkit(socket, "memory", "" + sizeBytes));
        return Map.of("uri", "nbd+unix:///?socket=" + socket);
    }
}
