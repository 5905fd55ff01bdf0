package io.sluice.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.Test;

/** Designators by SPC-5 7.7.6.6. */
public class UnitIdentityTest {

    @Test
    public void aPartThatIsNotChosenIsDrawnOrGoesWithTheOther() {
        assertEquals(
                new UnitIdentity("3123456789abcdef", "3123456789abcdef"), UnitIdentity.chosen("3123456789ABCDEF", ""));
        assertEquals("S-1", UnitIdentity.chosen("", "S-1").serial());
        assertNotEquals(
                UnitIdentity.chosen("", "S-1").naa(),
                UnitIdentity.chosen("", "S-1").naa());
        assertThrows(IllegalArgumentException.class, () -> UnitIdentity.chosen("naa", ""));
    }

    @Test
    public void drawnIdentitiesAreWellFormedAndDiffer() {
        Set<String> designators = new HashSet<>();
        Set<String> serials = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            UnitIdentity identity = UnitIdentity.random();
            assertTrue(identity.naa(), identity.naa().matches("6[0-9a-f]{31}"));
            // The company identifier's first octet is the low nibble of byte 0 and the high nibble of byte 1.
            int firstOctet = Integer.parseInt(identity.naa().substring(1, 3), 16);
            assertEquals("locally administered, not a group", 0b10, firstOctet & 0b11);
            designators.add(identity.naa());
            serials.add(identity.serial());
        }
        assertEquals(1000, designators.size());
        assertEquals(1000, serials.size());
    }

    @Test
    public void badIdentities() {
        String naa = "6a1b2c3d4e5f60718293a4b5c6d7e8f9";
        for (String bad : new String[] {
            "", naa.substring(1), naa + "0", "5" + naa.substring(1), "3" + naa.substring(1), naa.toUpperCase(), "x"
        }) {
            assertThrows(bad, IllegalArgumentException.class, () -> new UnitIdentity(bad, "s"));
        }
        for (String bad : new String[] {"", "a b", "a\n", "ö", "s".repeat(33)}) {
            assertThrows(bad, IllegalArgumentException.class, () -> new UnitIdentity(naa, bad));
        }
        assertEquals("3123456789abcdef", new UnitIdentity("3123456789abcdef", "s").naa());
    }
}
