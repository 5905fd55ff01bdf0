package io.sluice.layer.throttle;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.file.FileBackstoreProvider;
import io.sluice.testkit.BackstoreContractTest;
import io.sluice.testkit.LayeredProvider;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

public class ThrottleOverFileContractTest extends BackstoreContractTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FileBackstoreProvider files = new FileBackstoreProvider();
    private final BackstoreProvider provider = new LayeredProvider(
            files, new ThrottleLayerProvider(), config -> Map.of("iops", "2000", "bandwidth", "200M"));
    private int count;

    @Before
    public void allowTheFolder() {
        files.allow(folder.getRoot().toString(), "");
    }

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    @Override
    protected Map<String, String> options() {
        count++;
        return Map.of("path", folder.getRoot() + "/disk" + count + ".img");
    }

    @Override
    protected Set<String> traces() {
        return new TreeSet<>(Set.of(folder.getRoot().list()));
    }
}
