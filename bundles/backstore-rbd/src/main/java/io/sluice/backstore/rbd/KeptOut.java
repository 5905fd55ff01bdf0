package io.sluice.backstore.rbd;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who loses an image, and is kept out of the cluster for longer than librbd does, which is an hour unless the cluster says
 * otherwise: what it has under way it tries for as long as it runs, and it may be cut off for a weekend.
 */
final class KeptOut {

    private static final Logger LOG = LoggerFactory.getLogger(KeptOut.class);

    private static final int SECONDS = 10 * 24 * 60 * 60;

    /** The newer word is that of Ceph 16. */
    private static final List<String> WORDS = List.of("blocklist", "blacklist");

    private KeptOut() {}

    /**
     * To be called before librbd shuts out: the cluster keeps the entry that came first.
     *
     * @param address of a connection, as the cluster writes it
     */
    static void add(long cluster, String address) {
        int result = 0;
        for (String word : WORDS) {
            result = command(
                    cluster,
                    "{\"prefix\": \"osd " + word + "\", \"" + word + "op\": \"add\", \"addr\": \"" + address
                            + "\", \"expire\": " + SECONDS + ".0}");
            if (result >= 0) {
                return;
            }
        }
        LOG.warn(
                "{} loses its image and is shut out of the cluster, but not for longer than usual ({}): end it before an"
                        + " hour is over",
                address,
                Errors.text(-result));
    }

    private static int command(long cluster, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try (Memory text = new Memory(bytes.length + 1);
                Memory list = new Memory(Long.BYTES)) {
            text.write(0, bytes, 0, bytes.length);
            text.setByte(bytes.length, (byte) 0);
            list.setPointer(0, text);
            return Librados.rados_mon_command(cluster, Pointer.nativeValue(list), 1, 0, 0, 0, 0, 0, 0);
        }
    }
}
