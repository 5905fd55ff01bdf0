package io.sluice.backstore.file;

import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.Before;

/** The contract past the page cache, where the folder for tests is on a file system that can do that. */
public class DirectBackstoreContractTest extends FileBackstoreContractTest {

    @Before
    public void requireAFileSystemWithoutCache() throws IOException {
        Medium medium = Medium.of(folder.getRoot().toPath());
        assumeTrue("not past the page cache: " + folder.getRoot() + " is " + medium.name(), !medium.inMemory());
    }

    @Override
    protected Map<String, String> options() {
        Map<String, String> options = new HashMap<>(super.options());
        options.put("direct", "true");
        return options;
    }
}
