package io.sluice.backstore.discard;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.testkit.BackstoreContractTest;
import java.util.Map;

public class NullBackstoreContractTest extends BackstoreContractTest {

    private final BackstoreProvider provider = new NullBackstoreProvider();

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    @Override
    protected Map<String, String> options() {
        return Map.of();
    }

    @Override
    protected boolean keepsData() {
        return false;
    }

    @Override
    protected boolean durable() {
        return false;
    }
}
