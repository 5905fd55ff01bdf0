package io.sluice.backstore.memory;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.testkit.BackstoreContractTest;
import java.util.Map;

public class MemoryBackstoreContractTest extends BackstoreContractTest {

    private final BackstoreProvider provider = new MemoryBackstoreProvider(new MemoryBudget(128L << 20));

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
