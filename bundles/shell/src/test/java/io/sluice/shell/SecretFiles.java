package io.sluice.shell;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.rules.TemporaryFolder;

/** A folder where the paths of secrets begin, with a few of them. */
final class SecretFiles extends TemporaryFolder {

    private static final String PROPERTY = "karaf.etc";

    private String before;

    @Override
    protected void before() throws Throwable {
        super.before();
        before = System.setProperty(PROPERTY, getRoot().toString());
        write("db2.secret");
        write("sluice.secret");
    }

    private void write(String name) throws IOException {
        Files.writeString(getRoot().toPath().resolve(name), "the-" + name + "\n");
    }

    @Override
    protected void after() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
        super.after();
    }
}
