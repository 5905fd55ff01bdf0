package io.sluice.layer.throttle;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.memory.MemoryBackstoreProvider;
import io.sluice.testkit.BackstoreContractTest;
import io.sluice.testkit.LayeredProvider;
import java.util.Map;

public class ThrottleOverMemoryContractTest extends BackstoreContractTest {

    private final BackstoreProvider provider = new LayeredProvider(
            new MemoryBackstoreProvider(),
            new ThrottleLayerProvider(),
            config -> Map.of("iops", "2000", "bandwidth", "200M"));

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
