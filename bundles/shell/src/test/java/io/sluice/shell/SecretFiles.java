package io.sluice.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.junit.rules.TemporaryFolder;

/** A folder where the paths of secrets and of what is written begin, with a few secrets. */
final class SecretFiles extends TemporaryFolder {

    private static final String[] PROPERTIES = {"karaf.etc", "karaf.data", "sluice.state", "sluice.volumes"};

    private final Map<String, String> before = new HashMap<>();

    @Override
    protected void before() throws Throwable {
        super.before();
        for (String property : PROPERTIES) {
            before.put(property, System.setProperty(property, getRoot().toString()));
        }
        write("db2.secret");
        write("sluice.secret");
    }

    private void write(String name) throws IOException {
        Files.writeString(getRoot().toPath().resolve(name), "the-" + name + "\n");
    }

    @Override
    protected void after() {
        before.forEach((property, value) -> {
            if (value == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, value);
            }
        });
        super.after();
    }
}
