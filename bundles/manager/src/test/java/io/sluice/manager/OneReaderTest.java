package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.config.ConfigException;
import io.sluice.management.ConfigurationManagement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;

/** Documents are read one after the other, whatever becomes of one. */
public class OneReaderTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    /** Returns a document for which a disk is asked what it can: it is thick, and is to be thin. */
    private String thin() throws Exception {
        fixture.gateway.createTarget(TARGET, request("disk"));
        return fixture.gateway.configuration().export(Optional.empty()).replace("\"thin\" : false", "\"thin\" : true");
    }

    private FakeProvider.Store store() {
        return fixture.provider.stores.get("disk");
    }

    @Test
    public void aPlanWaitsForTheOneBeforeIt() throws Exception {
        ConfigurationManagement configuration = fixture.gateway.configuration();
        String document = thin();
        AtomicInteger inside = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        store().asked = () -> {
            inside.incrementAndGet();
            try {
                go.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        };
        FutureTask<List<?>> first = new FutureTask<>(() -> configuration.plan(document, false));
        new Thread(first).start();
        Eventually.isEqual(1, inside::get);
        FutureTask<List<?>> second = new FutureTask<>(() -> configuration.plan(document, false));
        Thread waiting = new Thread(second);
        waiting.start();
        Eventually.isEqual(Thread.State.TIMED_WAITING, waiting::getState);
        assertEquals("the other one has not begun", 1, inside.get());
        go.countDown();
        assertEquals(first.get(10, TimeUnit.SECONDS), second.get(10, TimeUnit.SECONDS));
    }

    @Test
    public void nobodyWaitsForEver() throws Exception {
        OneReader reader = new OneReader(Duration.ofMillis(10));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        FutureTask<Boolean> first = new FutureTask<>(() -> reader.read(() -> {
            begun.countDown();
            try {
                return go.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                throw new ConfigException("interrupted", interrupted);
            }
        }));
        new Thread(first).start();
        begun.await();
        ConfigException refused = assertThrows(ConfigException.class, () -> reader.read(() -> 2));
        assertEquals("other documents are being read: try again when they have been", refused.getMessage());
        go.countDown();
        first.get(10, TimeUnit.SECONDS);
        assertThrows(
                "it fails",
                ConfigException.class,
                () -> reader.read(() -> {
                    throw new ConfigException("invalid");
                }));
        assertEquals(3, (int) reader.read(() -> 3));
    }

    /** A bundle may be gone whose store is still open: what was never called cannot be loaded any more. */
    @Test
    public void aBundleThatIsGoneKeepsNoOtherDocumentOut() throws Exception {
        ConfigurationManagement configuration = fixture.gateway.configuration();
        String document = thin();
        store().asked = () -> {
            throw new NoClassDefFoundError("io/sluice/Gone");
        };
        for (int time = 0; time < 2; time++) {
            assertEquals(List.of(), configuration.apply(document, false, ""));
        }
    }
}
