package io.sluice.itests.badinput;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.itests.Terminal;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A target for which hosts have to prove who they are, for as long as an attempt takes: with it there, targets that do not exist are
 * answered otherwise.
 */
final class ProvenTarget {

    static final String TARGET = "iqn.2026-11.io.sluice:proven";
    static final String HIDDEN = "iqn.2026-11.io.sluice:others";
    static final String ABSENT = "iqn.2026-11.io.sluice:absent";
    static final String USER = "host1";
    static final String SECRET = "nobody-may-see-this";
    static final String MUTUAL = "and-nobody-that-one";
    static final String OTHER_USER = "host2";
    static final String OTHER_SECRET = "what-another-host-has";
    static final String WRONG = "a-guess-of-a-stranger";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final World world;
    private final Path document;
    private final Path secrets;

    /** What is done to it. */
    @FunctionalInterface
    interface Attempt {
        void run(ProvenTarget target) throws Exception;
    }

    private ProvenTarget(World world) {
        this.world = world;
        this.document = world.sluice().etc().resolve("gateway.json");
        this.secrets = world.sluice().etc().resolve("secrets");
    }

    /** Makes the target, tries something, and takes away again that anybody has to prove anything. */
    static BadInput.Attempt with(Attempt attempt) {
        return world -> {
            ProvenTarget target = new ProvenTarget(world);
            String before = target.make();
            try {
                attempt.run(target);
            } finally {
                Files.writeString(target.document, before);
                world.console("gateway:apply");
            }
        };
    }

    private String make() throws IOException {
        for (String name : new String[] {TARGET, HIDDEN}) {
            if (!Files.readString(document).contains(name)) {
                world.console("target:create " + name + " --file " + name.substring(name.indexOf(':') + 1)
                        + ".img --size 1M");
            }
        }
        String before = Files.readString(document);
        Files.createDirectories(secrets);
        secret("host1", SECRET);
        secret("disk", MUTUAL);
        secret("host2", OTHER_SECRET);
        Files.writeString(document, withInitiators(before, "disk", false));
        world.console("gateway:apply");
        return before;
    }

    private void secret(String name, String secret) throws IOException {
        Path file = Files.writeString(secrets.resolve(name), secret + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String withInitiators(String document, String mutual, boolean discoveryChap) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(document);
        ArrayNode initiators = root.putArray("initiators");
        ObjectNode host1 = initiators.addObject().put("name", "host1");
        host1.putObject("chap").put("user", USER).put("secret", "host1");
        host1.putObject("mutual").put("user", "disk").put("secret", mutual);
        initiators
                .addObject()
                .put("name", "host2")
                .putObject("chap")
                .put("user", OTHER_USER)
                .put("secret", "host2");
        root.putObject("security").put("discoveryChap", discoveryChap);
        root.path("targets").forEach(target -> grant((ObjectNode) target));
        return root.toPrettyString();
    }

    private static void grant(ObjectNode target) {
        Map<String, String> grants = Map.of(TARGET, "host1", HIDDEN, "host2");
        String initiator = grants.get(target.path("name").asText());
        if (initiator != null) {
            target.putArray("grants").addObject().put("initiator", initiator);
        }
    }

    /** Has discovery prove itself too. */
    void requireProofOfDiscovery() throws IOException {
        Files.writeString(document, withInitiators(Files.readString(document), "disk", true));
        world.console("gateway:apply");
    }

    /** Wants the target to prove itself by a secret of that content, and returns what is said to it. */
    Terminal.Outcome mutualSecret(String content) throws IOException {
        secret("another", content);
        Files.writeString(document, withInitiators(Files.readString(document), "another", false));
        return world.tryConsole("gateway:apply");
    }

    World world() {
        return world;
    }

    /** Connects from an address that nobody has used, under a name that nobody has: their failures count together. */
    TestInitiator connect() throws IOException {
        int number = ADDRESSES.incrementAndGet();
        String host = "127." + (1 + number / 62_500) + "." + number / 250 % 250 + "." + (1 + number % 250);
        return connectFrom(host, "iqn.2026-11.io.sluice:guesses" + number);
    }

    TestInitiator connectFrom(String host, String name) throws IOException {
        return TestInitiator.connectFrom(host, world.portal()).name(name);
    }

    /** Fails unless the host that may get in still does. */
    void letsIn() throws IOException {
        try (TestInitiator initiator = connect()) {
            new ChapLogin(initiator, TARGET).login(USER, SECRET).logout();
        }
    }

    /** Returns all lines of the audit log. */
    String audit() throws IOException {
        return Files.readString(world.sluice().folder().resolve("data/log/audit.log"));
    }
}
