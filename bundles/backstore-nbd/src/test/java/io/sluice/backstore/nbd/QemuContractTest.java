package io.sluice.backstore.nbd;

import java.nio.file.Path;
import java.util.Map;

/** qemu-nbd with a qcow2 image. */
public class QemuContractTest extends NbdContract {

    @Override
    protected Map<String, String> serve(Path place, int number, long sizeBytes) throws Exception {
        Path image = place.resolve("image" + number);
        Path socket = place.resolve("s" + number);
        RealServer.run("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "" + sizeBytes);
        keep(RealServer.qemu(socket, image, "qcow2", "-x", "a disk"));
        return Map.of("uri", "nbd+unix:///a%20disk?socket=" + socket, "connections", "4");
    }
}
