package io.sluice.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** Node names by RFC 7143 4.2.7 and RFC 3722. */
public class IscsiNameTest {

    @Test
    public void goodNames() {
        for (String name : new String[] {
            "iqn.2026-11.io.sluice:disk0",
            "iqn.2001-04.com.example",
            "iqn.2001-04.com.example:storage.tape1.sys1.xyz",
            "iqn.1991-05.com.microsoft:host-1",
            "iqn.2001-04.com.example:a:b:c",
            "iqn.2001-04.com.example:größe",
            "iqn.2008-11.org.linux-kvm:a_b",
            "eui.02004567a425678d",
            "naa.52004567ba64678d",
            "naa.62004567ba64678d0123456789abcdef",
        }) {
            assertEquals(name, new IscsiName(name).value());
        }
    }

    @Test
    public void upperCaseIsTheSameName() {
        assertEquals(new IscsiName("iqn.2026-11.io.sluice:disk"), new IscsiName("IQN.2026-11.io.Sluice:DISK"));
        assertEquals(new IscsiName("eui.02004567a425678d"), new IscsiName("EUI.02004567A425678D"));
    }

    @Test
    public void badNames() {
        for (String name : new String[] {
            "",
            "disk0",
            "iqn.",
            "iqn.2026.io.sluice:x",
            "iqn.2026-13.io.sluice:x",
            "iqn.2026-00.io.sluice:x",
            "iqn.2026-11",
            "iqn.2026-11.",
            "iqn.2026-11.io.sluice:",
            "iqn.2026-11.io.sluice:a b",
            "iqn.2026-11.io.sluice:a/b",
            "iqn.2026-11.io.sluice:a,b",
            "iqn.2026-11.io.sluice:a\nb",
            "iqn.2026-11.io.sluice:a\0",
            "iqn.2026-11.io.sluice:a;b",
            "iqn.2026-11.io.sluice:a\u009b31m",
            "iqn.2026-11.io.sluice:a\u2028b",
            "iqn.2026-11.io.sluice:a\u202eb",
            "eui.02004567a425678",
            "eui.02004567a425678dd",
            "eui.02004567a425678g",
            "naa.52004567ba64678",
            "naa.52004567ba64678d0",
        }) {
            IllegalArgumentException refused =
                    assertThrows(name, IllegalArgumentException.class, () -> new IscsiName(name));
            assertTrue(refused.getMessage(), refused.getMessage().contains("write it like iqn."));
            assertFalse("fit for one line", refused.getMessage().matches("(?s).*[\\n\\x00].*"));
        }
    }

    @Test
    public void lengthIsCountedInBytes() {
        String head = "iqn.2026-11.io.sluice:";
        int room = IscsiName.MAX_LENGTH_BYTES - head.length();
        assertEquals(223, new IscsiName(head + "a".repeat(room)).value().length());
        assertThrows(IllegalArgumentException.class, () -> new IscsiName(head + "a".repeat(room + 1)));
        assertThrows(IllegalArgumentException.class, () -> new IscsiName(head + "ö".repeat(room / 2 + 1)));
    }
}
