package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.management.BackstoreStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A disk whose flush has failed takes no writes in the next process either. */
public class FailedFlushTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    /** Of each time that a store was opened, whether it was told that caches may have what it has not. */
    private final List<Boolean> doubtful = new CopyOnWriteArrayList<>();

    private Path mark;

    @Before
    public void create() throws Exception {
        fixture.provider.opening = (config, context) -> {
            doubtful.add(context.isDoubtful());
            return CompletableFuture.completedFuture(fixture.provider.store(config, context));
        };
        fixture.create("disk");
        mark = fixture.state()
                .resolve(fixture.status("disk").config().identity().naa() + ".latched");
    }

    private static CompletionStage<Void> failing() {
        return CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
    }

    private void restart() throws Exception {
        fixture.restart();
        fixture.gateway.addProvider(fixture.provider);
    }

    private void isReadOnlyUntilItIsReopened(String why) throws Exception {
        restart();
        Eventually.isEqual(State.READ_ONLY, () -> fixture.stateOf("disk"));
        assertEquals(
                List.of("backstore disk: " + why + ", and what was written since the last good flush may be lost: mend"
                        + " that, then use backstore:reopen disk"),
                fixture.gateway.status().problems());
        fixture.gateway.reopenBackstore("disk", false);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        Eventually.isTrue(() -> !Files.exists(mark));
        restart();
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(
                "opened the first time, after the failure, by the operator, after that",
                List.of(false, true, true, false),
                doubtful);
    }

    @Test
    public void aFailedFlushOutlivesTheProcess() throws Exception {
        fixture.provider.stores.get("disk").flushing = failing();
        fixture.volume("disk").flush();
        Eventually.isTrue(() -> Files.exists(mark));
        isReadOnlyUntilItIsReopened("a flush of its storage failed: on purpose");
    }

    @Test
    public void aFailedCloseOutlivesTheProcess() throws Exception {
        fixture.provider.closing = store -> store.closeWell().thenCompose(closed -> failing());
        fixture.gateway.close();
        assertTrue("when the gateway has ended", Files.exists(mark));
        fixture.provider.closing = null;
        isReadOnlyUntilItIsReopened("its storage was closed without being flushed: on purpose");
    }

    @Test
    public void aDiskThatIsGoneLeavesNothing() throws Exception {
        fixture.provider.stores.get("disk").flushing = failing();
        fixture.volume("disk").flush();
        Eventually.isTrue(() -> Files.exists(mark));
        fixture.gateway.deleteBackstore("disk");
        assertFalse(Files.exists(mark));
    }

    @Test
    public void storageThatKeepsNothingBeginsAnew() throws Exception {
        fixture.provider.keepsData = false;
        fixture.provider.stores.get("disk").flushing = failing();
        fixture.volume("disk").flush();
        Eventually.isTrue(() -> Files.exists(mark));
        restart();
        Eventually.isEqual(State.FAILED, () -> fixture.stateOf("disk"));
        fixture.gateway.reopenBackstore("disk", true);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        Eventually.isTrue(() -> !Files.exists(mark));
        fixture.volume("disk").flush().toCompletableFuture().join();
    }
}
