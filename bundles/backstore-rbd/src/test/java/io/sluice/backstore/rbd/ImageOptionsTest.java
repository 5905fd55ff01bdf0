package io.sluice.backstore.rbd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreOption;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What the options of an image may be, and what is said of those that may not. */
public class ImageOptionsTest {

    private static ImageOptions of(boolean readOnly, String... pairs) throws ConfigException {
        Map<String, String> options = new HashMap<>(Map.of("image", "disk0"));
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], pairs[i + 1]);
        }
        return ImageOptions.of(BackstoreConfig.builder("disk0", "rbd")
                .readOnly(readOnly)
                .options(options)
                .build());
    }

    private static void refused(String why, String... pairs) {
        ConfigException refused = assertThrows(ConfigException.class, () -> of(false, pairs));
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
        assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
    }

    @Test
    public void anImageAloneIsEnough() throws Exception {
        ImageOptions options = of(false);
        assertEquals("rbd/disk0", options.spec());
        assertEquals("admin", options.user());
        assertEquals("/etc/ceph/ceph.conf", options.conf());
        assertNull(options.keyring());
        assertEquals(0, options.objectOrder());
        assertEquals(0, options.features());
        assertFalse(options.takesOver());
    }

    @Test
    public void allCanBeNamed() throws Exception {
        ImageOptions options = of(
                true,
                "pool",
                "fast",
                "namespace",
                "lab",
                "snapshot",
                "monday",
                "user",
                "iscsi",
                "keyring",
                "/etc/ceph/key",
                "conf",
                "/etc/ceph/other.conf",
                "objectSize",
                "8M",
                "features",
                "exclusive-lock,layering",
                "dataPool",
                "slow",
                "takeover",
                "break");
        assertEquals("fast/lab/disk0@monday", options.spec());
        assertEquals("iscsi", options.user());
        assertEquals(23, options.objectOrder());
        assertEquals(5, options.features());
        assertEquals("slow", options.dataPool());
        assertTrue(options.takesOver());
    }

    @Test
    public void objectSizesArePowersOfTwoWithinLimits() throws Exception {
        assertEquals(12, of(false, "objectSize", "4K").objectOrder());
        assertEquals(25, of(false, "objectSize", "32M").objectOrder());
        for (String size : List.of("", "4", "2K", "64M", "3M", "-4M", "4m", "99999999M", "999999999999M", "4M ")) {
            refused("objectSize", "objectSize", size);
        }
    }

    @Test
    public void namesMeanNothingElseToTheToolsOfCeph() {
        for (String option : List.of("pool", "namespace", "image", "user", "dataPool")) {
            for (String name : List.of("", "a/b", "a@b", "a b", "a\nb", "a\0b", "x".repeat(96))) {
                refused(option, option, name);
            }
        }
    }

    @Test
    public void whatCannotBeIsRefused() {
        refused("power of two", "objectSize", "5M");
        refused("exclusive-lock", "features", "layering");
        refused("no feature 'speed'", "features", "exclusive-lock,speed");
        refused("wait or break", "takeover", "yes");
        refused("yes or no", "shared", "true");
        refused("backstore:takeover", "shared", "yes", "takeover", "break");
        refused("--read-only", "snapshot", "monday");
        refused("a path from the root", "conf", "ceph.conf");
        refused("path", "conf", "/a\0b");
        assertThrows(
                ConfigException.class,
                () -> ImageOptions.of(BackstoreConfig.builder("disk0", "rbd").build()));
    }

    /** Somebody may type the key in place of the file that has it. */
    @Test
    public void aKeyInPlaceOfItsFileIsNotShown() {
        String key = "AQBSdFhcAAAAABAAWS+fuvmYpDk9vXVx0J2kHg==";
        ConfigException refused = assertThrows(ConfigException.class, () -> of(false, "keyring", key));
        assertFalse(refused.getMessage(), refused.getMessage().contains(key));
        assertTrue(ImageOptions.ALL.stream()
                .anyMatch(option -> option.name().equals("keyring") && option.type() == BackstoreOption.Type.SECRET));
    }

    @Test
    public void twoWaysToOneImageAreOne() throws Exception {
        assertEquals(of(false).key(), of(false, "user", "iscsi").key());
        assertNotEquals(of(false).key(), of(false, "namespace", "lab").key());
        assertNotEquals(of(false).key(), of(false, "conf", "/etc/other.conf").key());
    }
}
