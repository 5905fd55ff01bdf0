package io.sluice.scsi.target;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.Test;

/**
 * The key of blocks that two gateways serve in turn is not erased: the other gateway would go on with the one that it has, so that
 * what it reads would be noise, and the key would not be destroyed.
 */
public class SharedErasureTest {

    private static final String CRYPTOGRAPHIC_ERASE = "48 03 00 00 00 00 00 00 00 00";
    private static final String IS_IT_SUPPORTED = "a3 0c 03 48 00 03 00 00 00 40 00 00";

    /** Another gateway, which has nothing to say. */
    private static final class Partner implements SharedUnit {
        @Override
        public CompletionStage<Void> refresh() {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> take() {
            return Backstore.done();
        }

        @Override
        public CompletableFuture<RemoteCommand.Answer> perform(RemoteCommand command) {
            return CompletableFuture.failedFuture(new CheckConditionException(Sense.ACCESS_STATE_STANDBY));
        }

        @Override
        public void established(SharedAttention attention) {
            // Nobody else is logged in.
        }
    }

    private static void share(TestUnit unit) {
        unit.unit.share(new Partner());
        unit.unit.serve();
        String requestSense = "03 00 00 00 fc 00";
        unit.run(requestSense).expectGood();
        unit.run(requestSense).expectGood();
    }

    private static int support(TestUnit unit) {
        return unit.run(IS_IT_SUPPORTED).expectGood().data()[1] & 7;
    }

    @Test
    public void blocksAreOverwrittenAsWhereNothingIsEncrypted() {
        TestUnit unit = TestUnit.thin();
        unit.store.enable(CryptographicErase.class);
        share(unit);
        unit.write10(0, unit.pattern(1, 1)).expectGood();
        unit.run(CRYPTOGRAPHIC_ERASE).await().expectGood();
        assertFalse(unit.store.calls.contains("erase key"));
        assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
    }

    @Test
    public void aThickUnitHasNoSuchCommand() {
        TestUnit unit = TestUnit.with(new UnitOptions(false, false, false));
        unit.store.enable(CryptographicErase.class);
        assertEquals(3, support(unit));
        share(unit);
        assertEquals(1, support(unit));
        unit.run(CRYPTOGRAPHIC_ERASE).expectSense(Sense.INVALID_FIELD_IN_CDB);
    }
}
