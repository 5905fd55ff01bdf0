package io.sluice.scsi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.Test;

public class SenseDataTest {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    @Test
    public void fixedFormat() {
        assertEquals(
                "70 00 05 00 00 00 00 0a 00 00 00 00 20 00 00 00 00 00",
                HEX.formatHex(SenseData.of(Sense.INVALID_COMMAND_OPERATION_CODE).encode(false)));
    }

    @Test
    public void fixedFormatWithInformation() {
        assertEquals(
                "f0 00 0e 00 00 01 02 0a 00 00 00 00 1d 00 00 00 00 00",
                HEX.formatHex(SenseData.withInformation(Sense.MISCOMPARE_DURING_VERIFY_OPERATION, 0x102)
                        .encode(false)));
    }

    @Test
    public void fixedFormatLeavesLongInformationOut() {
        assertEquals(
                "70 00 05 00 00 00 00 0a 00 00 00 00 21 00 00 00 00 00",
                HEX.formatHex(SenseData.withInformation(Sense.LBA_OUT_OF_RANGE, 1L << 32)
                        .encode(false)));
    }

    @Test
    public void fixedFormatWithFieldPointer() {
        assertEquals(
                "70 00 05 00 00 00 00 0a 00 00 00 00 24 00 00 cf 00 01",
                HEX.formatHex(SenseData.invalidFieldInCdb(1, 7).encode(false)));
        assertEquals(
                "70 00 05 00 00 00 00 0a 00 00 00 00 26 00 00 80 01 02",
                HEX.formatHex(SenseData.invalidFieldInParameterList(258, -1).encode(false)));
    }

    @Test
    public void descriptorFormatWithInformationAndFieldPointer() {
        SenseData data = new SenseData(
                Sense.LBA_OUT_OF_RANGE,
                0x1_0000_0002L,
                new SenseData.FieldPointer(true, 2, -1),
                SenseData.NO_PROGRESS,
                false);
        assertEquals(
                "72 05 21 00 00 00 00 14 00 0a 80 00 00 00 00 01 00 00 00 02 02 06 00 00 c0 00 02 00",
                HEX.formatHex(data.encode(true)));
    }

    @Test
    public void everyReasonEncodesItsOwnTriple() {
        Set<String> seen = new HashSet<>();
        for (Sense sense : Sense.values()) {
            byte[] fixed = SenseData.of(sense).encode(false);
            assertEquals(sense.key().code(), fixed[2]);
            assertEquals(sense.additionalSenseCode(), fixed[12] & 0xFF);
            assertEquals(sense.qualifier(), fixed[13] & 0xFF);
            assertTrue(sense.name(), seen.add(fixed[2] + "/" + fixed[12] + "/" + fixed[13]));
        }
    }
}
