package io.sluice.scsi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

public class LunTest {

    @Test
    public void everyNumberSurvivesTheWire() {
        for (int lun = 0; lun <= Lun.MAX; lun++) {
            assertEquals(lun, Lun.decode(Lun.encode(lun)));
        }
    }

    @Test
    public void smallNumbersArePeripheralAndLargeOnesFlat() {
        assertEquals(0x0000_0000_0000_0000L, Lun.encode(0));
        assertEquals(0x00FF_0000_0000_0000L, Lun.encode(255));
        assertEquals(0x4100_0000_0000_0000L, Lun.encode(256));
        assertEquals(0x7FFF_0000_0000_0000L, Lun.encode(16_383));
    }

    @Test
    public void flatAddressingReachesSmallNumbersToo() {
        assertEquals(3, Lun.decode(0x4003_0000_0000_0000L));
    }

    @Test
    public void otherFormsNameNoUnit() {
        assertEquals(Lun.UNKNOWN, Lun.decode(0x0100_0000_0000_0000L));
        assertEquals(Lun.UNKNOWN, Lun.decode(0x0001_0001_0000_0000L));
        assertEquals(Lun.UNKNOWN, Lun.decode(0x8001_0000_0000_0000L));
        assertEquals(Lun.UNKNOWN, Lun.decode(0xD200_0001_0000_0000L));
        assertEquals(Lun.UNKNOWN, Lun.decode(-1L));
        assertEquals(Lun.REPORT_LUNS, Lun.decode(0xC101_0000_0000_0000L));
    }

    @Test
    public void numbersOutsideAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Lun.encode(16_384));
        assertThrows(IllegalArgumentException.class, () -> Lun.encode(-1));
    }
}
