package io.sluice.layer.crypt;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Secret;
import io.sluice.backstore.file.FileBackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.testkit.BackstoreContractTest;
import io.sluice.testkit.LayeredProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

public class CryptOverFileContractTest extends BackstoreContractTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TemporaryFolder headers = new TemporaryFolder();

    private final FileBackstoreProvider files = new FileBackstoreProvider();
    private final BackstoreProvider provider = new LayeredProvider(files, new CryptLayerProvider(), this::settings);
    private int count;

    private Map<String, String> settings(BackstoreConfig config) {
        String header = headers.getRoot() + "/" + config.options().get("path").replace('/', '_');
        Map<String, String> settings = new HashMap<>(Map.of("keyFile", "key", "header", header));
        if (!Files.exists(Path.of(header))) {
            // Once, as the gateway does when the layer is added.
            settings.put("format", "empty");
        }
        return settings;
    }

    @Before
    public void allowTheFolder() {
        files.allow(folder.getRoot().toString(), "");
        context().putSecret("keyFile", new Secret("correct horse".getBytes(StandardCharsets.UTF_8)));
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
