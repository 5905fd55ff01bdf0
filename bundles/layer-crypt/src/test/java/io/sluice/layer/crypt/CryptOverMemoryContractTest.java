package io.sluice.layer.crypt;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Secret;
import io.sluice.backstore.memory.MemoryBackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.testkit.BackstoreContractTest;
import io.sluice.testkit.LayeredProvider;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

public class CryptOverMemoryContractTest extends BackstoreContractTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final BackstoreProvider provider =
            new LayeredProvider(new MemoryBackstoreProvider(), new CryptLayerProvider(), this::settings);

    @Before
    public void giveKey() {
        context().putSecret("keyFile", new Secret("correct horse".getBytes(StandardCharsets.UTF_8)));
    }

    private Map<String, String> settings(BackstoreConfig config) {
        return Map.of("keyFile", "key", "header", folder.getRoot() + "/disk.crypt", "format", "empty");
    }

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    @Override
    protected Map<String, String> options() {
        return Map.of();
    }

    @Override
    protected boolean durable() {
        return false;
    }
}
