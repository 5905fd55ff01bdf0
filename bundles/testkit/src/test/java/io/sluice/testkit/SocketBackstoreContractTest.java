package io.sluice.testkit;

import io.sluice.backstore.BackstoreProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.After;

public class SocketBackstoreContractTest extends BackstoreContractTest {

    private final BackstoreProvider provider = new SocketBackstoreProvider();
    private final List<BlockServer> servers = new ArrayList<>();

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    @Override
    protected Map<String, String> options() {
        try {
            BlockServer server = new BlockServer();
            servers.add(server);
            return Map.of("port", String.valueOf(server.port()));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** After the store is closed, which the class above does: what is closed first is declared last. */
    @After
    public void endServers() throws Exception {
        closeAll();
        servers.forEach(BlockServer::close);
    }
}
