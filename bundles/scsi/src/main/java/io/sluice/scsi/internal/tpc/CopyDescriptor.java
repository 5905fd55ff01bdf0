package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.identity.DeviceIdentificationPage;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.LunMapping;
import java.util.Arrays;
import java.util.function.Predicate;

/** CSCD descriptors of the identification descriptor form (SPC-5 6.6.6.4): they name a unit by one of its designators. */
final class CopyDescriptor {

    static final int LENGTH = 32;
    static final int IDENTIFICATION = 0xE4;

    private static final int DESIGNATOR = 8;
    private static final int MAX_DESIGNATOR = 20;

    private CopyDescriptor() {}

    /** Writes the descriptor of a unit: its NAA designator. */
    static byte[] of(LunMapping mapping) {
        byte[] naa = DeviceIdentificationPage.naa(mapping.unit());
        byte[] descriptor = new byte[LENGTH];
        descriptor[0] = (byte) IDENTIFICATION;
        descriptor[4] = 1;
        descriptor[5] = 3;
        descriptor[7] = (byte) naa.length;
        System.arraycopy(naa, 0, descriptor, DESIGNATOR, naa.length);
        Bytes.put32(descriptor, 28, mapping.unit().geometry().blockSize());
        return descriptor;
    }

    /**
     * Finds the unit that a descriptor names among those that the host of a nexus reaches.
     *
     * @param asking how the copying command came
     * @throws CheckConditionException UNSUPPORTED TARGET DESCRIPTOR TYPE CODE for another form, INVALID FIELD IN
     *     PARAMETER LIST if its length is wrong, COPY TARGET DEVICE NOT REACHABLE if there is no such unit
     */
    static BlockDevice find(byte[] list, int offset, LunMapping asking) throws CheckConditionException {
        if (Bytes.u8(list, offset) != IDENTIFICATION) {
            throw new CheckConditionException(Sense.UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE);
        }
        int length = Bytes.u8(list, offset + 7);
        if (length == 0 || length > MAX_DESIGNATOR) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + 7, -1));
        }
        byte[] asked = Arrays.copyOfRange(list, offset + 4, offset + DESIGNATOR + length);
        return reach(asking, unit -> DeviceIdentificationPage.names(unit, asked), false)
                .unit();
    }

    /**
     * Returns the way to a unit that a copy takes.
     *
     * @param toWrite whether data is to go there
     * @throws CheckConditionException COPY TARGET DEVICE NOT REACHABLE if the host of the asking nexus does not see it
     */
    static LunMapping reach(LunMapping asking, Predicate<BlockDevice> which, boolean toWrite)
            throws CheckConditionException {
        LunMapping found = asking.unit().copyManager().reach(asking, which, toWrite);
        if (found == null) {
            throw new CheckConditionException(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        }
        return found;
    }
}
