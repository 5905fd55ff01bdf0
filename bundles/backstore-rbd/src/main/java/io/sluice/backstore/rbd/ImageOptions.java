package io.sluice.backstore.rbd;

import io.sluice.backstore.BackstoreOption;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where an image is and how it is reached: the options of a backstore, checked.
 *
 * @param namespace empty for that of a pool that has none
 * @param id of the image, which it keeps under another name; null where it is not known
 * @param snapshot null for the image itself
 * @param conf the settings of the cluster
 * @param keyring null if the settings name it
 * @param objectOrder size of an object of a new image as a power of two; 0 for that of the cluster
 * @param features of a new image; 0 for those of the cluster
 * @param dataPool where a new image has its data; null for its own pool
 * @param takesOver whether an image is taken from an owner that is there
 * @param shared whether another gateway has the image too, and one of them stands by
 */
record ImageOptions(
        String pool,
        String namespace,
        String image,
        String id,
        String snapshot,
        String user,
        String conf,
        String keyring,
        int objectOrder,
        long features,
        String dataPool,
        boolean takesOver,
        boolean shared) {

    static final String KEYRING = "keyring";

    private static final String POOL = "pool";
    private static final String NAMESPACE = "namespace";
    private static final String IMAGE = "image";
    /** Known to what reads a document too, which need not say it. */
    static final String IMAGE_ID = "imageId";

    private static final String SNAPSHOT = "snapshot";
    private static final String USER = "user";
    private static final String CONF = "conf";
    private static final String OBJECT_SIZE = "objectSize";
    private static final String FEATURES = "features";
    private static final String DATA_POOL = "dataPool";
    private static final String TAKEOVER = "takeover";

    private static final String SHARED = BackstoreOption.SHARED.name();

    private static final String DEFAULT_POOL = "rbd";
    private static final String DEFAULT_USER = "admin";
    private static final String DEFAULT_CONF = "/etc/ceph/ceph.conf";
    private static final String WAIT = "wait";
    private static final String BREAK = "break";
    private static final String YES = "yes";
    private static final String NO = "no";

    private static final int LEAST_ORDER = 12;
    private static final int LARGEST_ORDER = 25;

    static final List<BackstoreOption> ALL = List.of(
            new BackstoreOption(IMAGE, true, "the image; it is made if it is not there and a size is named"),
            new BackstoreOption(POOL, false, "its pool; rbd without it"),
            new BackstoreOption(NAMESPACE, false, "its namespace within the pool"),
            new BackstoreOption(
                    IMAGE_ID, false, "found when the disk is made: an image of that name with another id is refused"),
            new BackstoreOption(SNAPSHOT, false, "a snapshot of the image, with --read-only"),
            new BackstoreOption(USER, false, "who the gateway is for the cluster; admin without it"),
            new BackstoreOption(
                    KEYRING,
                    BackstoreOption.Type.SECRET,
                    false,
                    "file with the key of the user; what the settings of the cluster name without it"),
            new BackstoreOption(CONF, false, "settings of the cluster; /etc/ceph/ceph.conf without it"),
            new BackstoreOption(OBJECT_SIZE, false, "of a new image: 4K to 32M; what the cluster says without it"),
            new BackstoreOption(
                    FEATURES, false, "of a new image, such as layering,exclusive-lock,object-map,fast-diff"),
            new BackstoreOption(DATA_POOL, false, "of a new image: another pool for its data"),
            new BackstoreOption(
                    TAKEOVER,
                    false,
                    "'break' to take the image from an owner that is there; 'wait', as without it, waits for it"),
            BackstoreOption.SHARED);

    /** Names with these signs mean something to the tools of Ceph. */
    private static final Pattern NAME = Pattern.compile("[^/@\\p{Cntrl}\\s]{1,95}");

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,7})([KM])");

    /** Bits of the features that a new image may have; what others a pool needs the cluster adds itself. */
    private static final Map<String, Long> FEATURE_BITS = Map.of(
            "layering",
            1L,
            "striping",
            1L << 1,
            "exclusive-lock",
            Features.EXCLUSIVE_LOCK,
            "object-map",
            Features.OBJECT_MAP,
            "fast-diff",
            Features.FAST_DIFF,
            "deep-flatten",
            1L << 5,
            "journaling",
            1L << 6);

    /** @throws ConfigException if the options name no image that could be used */
    static ImageOptions of(BackstoreConfig config) throws ConfigException {
        Map<String, String> options = config.options();
        if (!options.containsKey(IMAGE)) {
            throw new ConfigException("an rbd backstore needs an image: add -o image=NAME");
        }
        ImageOptions found = new ImageOptions(
                name(options, POOL, DEFAULT_POOL),
                name(options, NAMESPACE, ""),
                name(options, IMAGE, null),
                name(options, IMAGE_ID, null),
                name(options, SNAPSHOT, null),
                name(options, USER, DEFAULT_USER),
                path(options, CONF, DEFAULT_CONF),
                path(options, KEYRING, null),
                order(options.get(OBJECT_SIZE)),
                features(options.get(FEATURES)),
                name(options, DATA_POOL, null),
                takesOver(options.get(TAKEOVER)),
                shared(options.get(SHARED)));
        if (found.snapshot() != null && !config.readOnly()) {
            throw new ConfigException("a snapshot cannot be written: add --read-only");
        }
        if (found.shared() && config.readOnly()) {
            throw new ConfigException("what is only read needs no gateway that stands by: leave out shared=yes");
        }
        if (found.shared() && found.takesOver()) {
            throw new ConfigException("with shared=yes the image is taken by backstore:takeover: leave out takeover");
        }
        return found;
    }

    private static String name(Map<String, String> options, String option, String without) throws ConfigException {
        String name = options.get(option);
        if (name == null) {
            return without;
        }
        if (!NAME.matcher(name).matches()) {
            throw new ConfigException(
                    option + " has to be a name of 1 to 95 signs without '/', '@' and spaces: change it");
        }
        return name;
    }

    /** What the user has given for the keyring may be a key itself, so that no message shows it. */
    private static String path(Map<String, String> options, String option, String without) throws ConfigException {
        String path = options.get(option);
        if (path == null) {
            return without;
        }
        try {
            if (Path.of(path).isAbsolute()) {
                return path;
            }
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(option + " has to be the path of a file: change it", refused);
        }
        throw new ConfigException(option + " has to be a path from the root, such as /etc/ceph/NAME: change it");
    }

    private static int order(String size) throws ConfigException {
        if (size == null) {
            return 0;
        }
        var matcher = SIZE.matcher(size);
        if (matcher.matches()) {
            long bytes = Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("K") ? 10 : 20);
            int order = Long.numberOfTrailingZeros(bytes);
            if (Long.bitCount(bytes) == 1 && order >= LEAST_ORDER && order <= LARGEST_ORDER) {
                return order;
            }
        }
        throw new ConfigException(OBJECT_SIZE + " has to be a power of two from 4K to 32M, such as 4M: change it");
    }

    private static long features(String names) throws ConfigException {
        long bits = 0;
        for (String name : names == null ? new String[0] : names.split(",")) {
            Long bit = FEATURE_BITS.get(name);
            if (bit == null) {
                throw new ConfigException("there is no feature '" + name + "' of an image: use "
                        + String.join(
                                ", ", FEATURE_BITS.keySet().stream().sorted().toList()));
            }
            bits |= bit;
        }
        if (bits != 0 && (bits & Features.EXCLUSIVE_LOCK) == 0) {
            throw new ConfigException("a gateway needs the exclusive lock of an image: add exclusive-lock to features");
        }
        return bits;
    }

    private static boolean takesOver(String takeover) throws ConfigException {
        if (takeover == null || takeover.equals(WAIT)) {
            return false;
        }
        if (takeover.equals(BREAK)) {
            return true;
        }
        throw new ConfigException(TAKEOVER + " has to be " + WAIT + " or " + BREAK + ": change it");
    }

    private static boolean shared(String shared) throws ConfigException {
        if (shared == null || shared.equals(NO)) {
            return false;
        }
        if (shared.equals(YES)) {
            return true;
        }
        throw new ConfigException(SHARED + " has to be " + YES + " or " + NO + ": change it");
    }

    /** Returns the image in the words of the tools of Ceph. */
    String spec() {
        return pool + "/" + (namespace.isEmpty() ? "" : namespace + "/") + image
                + (snapshot == null ? "" : "@" + snapshot);
    }

    /** Returns what is the same for two backstores of one image; which cluster it is is told by its settings alone. */
    String key() {
        return conf + " " + spec();
    }
}
