package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.management.Gateway;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a caller expects to be so when his change is made. He says it in his own thread, around the call of the change, and it is
 * looked at in the thread of the manager, right before the change.
 */
final class Expectation {

    private final Supplier<GatewayConfig> config;
    private final ThreadLocal<Predicate<GatewayConfig>> expected = new ThreadLocal<>();

    /** @param config the present one */
    Expectation(Supplier<GatewayConfig> config) {
        this.config = config;
    }

    <T> T during(Predicate<GatewayConfig> wanted, Gateway.Change<T> change) throws ConfigException {
        expected.set(wanted);
        try {
            return change.make();
        } finally {
            expected.remove();
        }
    }

    /** Returns a step with what the caller expects before it. Later steps change what he has known, and are not bound. */
    <T> Callable<T> before(Callable<T> step) {
        Predicate<GatewayConfig> wanted = expected.get();
        if (wanted == null) {
            return step;
        }
        expected.remove();
        return () -> {
            if (!wanted.test(config.get())) {
                throw new ConfigException(
                        ConfigException.Kind.CHANGED,
                        "it is not what it was when it was read: somebody has changed it. Read it again, and then change that");
            }
            return step.call();
        };
    }
}
