package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.config.ConfigException;
import io.sluice.manager.job.Jobs;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.After;
import org.junit.Test;

/** What becomes of changes that fail. */
public class ChangesTest {

    private final Changes changes = new Changes(Duration.ofSeconds(10), new Jobs());

    @After
    public void close() {
        changes.close(Duration.ofSeconds(10));
    }

    private ConfigException failure(Callable<Object> change) {
        return assertThrows(ConfigException.class, () -> changes.await(changes.submit(change), "trying"));
    }

    @Test
    public void aValueThatCannotBeIsNoBug() {
        ConfigException refused = failure(() -> {
            throw new IllegalArgumentException("too small");
        });
        assertEquals(ConfigException.Kind.INVALID, refused.kind());
        assertEquals("too small", refused.getMessage());
    }

    @Test
    public void aBugIsNobodysConflict() {
        for (RuntimeException bug : new RuntimeException[] {
            new IllegalStateException("x"), new NumberFormatException("x"), new NullPointerException("x")
        }) {
            ConfigException refused = failure(() -> {
                throw bug;
            });
            assertEquals(bug.toString(), ConfigException.Kind.BUG, refused.kind());
        }
    }

    @Test
    public void whatComesTooLateIsToldSo() {
        changes.close(Duration.ofSeconds(10));
        ConfigException refused = failure(() -> "");
        assertEquals(ConfigException.Kind.STOPPING, refused.kind());
        assertEquals("the gateway is stopping", refused.getMessage());
    }
}
