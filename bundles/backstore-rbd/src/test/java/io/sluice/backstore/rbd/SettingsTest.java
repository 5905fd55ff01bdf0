package io.sluice.backstore.rbd;

import static org.junit.Assert.assertEquals;

import com.sun.jna.Function;
import com.sun.jna.Native;
import org.junit.Test;

/** What has to be so whatever the settings of the cluster say. */
public class SettingsTest {

    private static final int MOST = 64;

    private static String value(long cluster, String name) {
        byte[] value = new byte[MOST];
        Function get = Function.getFunction("librados.so.2", "rados_conf_get");
        assertEquals(0, get.invokeInt(new Object[] {cluster, name, value, (long) MOST}));
        return Double.toString(Double.parseDouble(Native.toString(value)));
    }

    /** Who takes an image from another gateway asks the monitors, and is told in time that they do not answer. */
    @Test
    public void monitorsAreNotWaitedForForEverButWritesAre() throws Exception {
        Libraries.enter();
        long[] cluster = new long[1];
        try {
            assertEquals(0, Librados.rados_create(cluster, null));
            Settings.apply(cluster[0]);
            assertEquals("10.0", value(cluster[0], "rados_mon_op_timeout"));
            assertEquals("0.0", value(cluster[0], "rados_osd_op_timeout"));
        } finally {
            Librados.rados_shutdown(cluster[0]);
            Libraries.leave();
        }
    }
}
