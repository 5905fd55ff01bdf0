package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.testkit.BackstoreContractTest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

public class FileBackstoreContractTest extends BackstoreContractTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FileBackstoreProvider provider = new FileBackstoreProvider();
    private int files;

    @Before
    public void allowTheFolder() {
        provider.allow(folder.getRoot().toString(), "");
    }

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    @Override
    protected Map<String, String> options() {
        files++;
        return Map.of("path", folder.getRoot() + "/disk" + files + ".img");
    }

    @Override
    protected Set<String> traces() {
        return new TreeSet<>(Set.of(folder.getRoot().list()));
    }
}
