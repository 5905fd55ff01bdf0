package io.sluice.backstore.nbd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.nbd.client.NbdLoop;
import io.sluice.config.ConfigException;
import io.sluice.testkit.BackstoreContractTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** The contract over a server that is really there; a new one for each disk. */
public abstract class NbdContract extends BackstoreContractTest {

    private final TemporaryFolder folder = new TemporaryFolder();
    private final List<RealServer> servers = new ArrayList<>();
    final NbdLoop loop = new NbdLoop();
    private final NbdBackstoreProvider provider = new NbdBackstoreProvider(loop);

    /** Around the stores, which are closed before their servers end. */
    @Rule
    public final ExternalResource world = new ExternalResource() {
        @Override
        protected void before() throws Throwable {
            folder.create();
        }

        @Override
        protected void after() {
            provider.stop();
            servers.forEach(server -> {
                try {
                    server.close();
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
            });
            folder.delete();
        }
    };

    /** Starts a server with so many bytes of zeros, and returns the options of its disk. */
    protected abstract Map<String, String> serve(Path place, int number, long sizeBytes) throws Exception;

    protected final RealServer keep(RealServer server) {
        servers.add(server);
        return server;
    }

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    /** Also for a caller who is interrupted, which is for the store alone to bear. */
    @Override
    protected Map<String, String> options() {
        boolean interrupted = Thread.interrupted();
        try {
            return serve(folder.getRoot().toPath(), servers.size(), blocks() * blockSize);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The size is that of the server. */
    @Override
    @Test
    public void createOfNewStorageNeedsSize() {
        try {
            assertEquals(
                    blocks() * blockSize,
                    await(provider().create(asked(0, options()), context())).sizeBytes());
            await(provider().create(asked(blocks() * blockSize * 2, options()), context()));
            throw new AssertionError("another size is taken");
        } catch (ConfigException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("leave --size out"));
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    /** Nothing of a test is left on the event loop. */
    @After
    public void nobodyIsConnected() throws Exception {
        closeStore();
    }
}
