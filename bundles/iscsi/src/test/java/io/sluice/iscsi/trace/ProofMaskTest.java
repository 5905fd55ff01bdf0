package io.sluice.iscsi.trace;

import static org.junit.Assert.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.Test;

public final class ProofMaskTest {

    private static String masked(ProofMask mask, String text, boolean goesOn) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        mask.apply(bytes, goesOn);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    public void whatProvesIsMaskedAndNothingElse() {
        assertEquals(
                "CHAP_A=7\0CHAP_N=****\0CHAP_R=******\0InitiatorName=iqn.x\0",
                masked(new ProofMask(true), "CHAP_A=7\0CHAP_N=esx1\0CHAP_R=0x12ab\0InitiatorName=iqn.x\0", false));
    }

    @Test
    public void howKeysAreWrittenDoesNotMatter() {
        assertEquals("chap_r=***\0Chap_C=*", masked(new ProofMask(true), "chap_r=abc\0Chap_C=d", false));
    }

    /** At each place where a text can be cut in two. */
    @Test
    public void aValueIsMaskedWhereverItIsCut() {
        String text = "X=1\0CHAP_R=0x12\0Y=2\0";
        for (int cut = 0; cut <= text.length(); cut++) {
            ProofMask mask = new ProofMask(true);
            assertEquals(
                    "X=1\0CHAP_R=****\0Y=2\0",
                    masked(mask, text.substring(0, cut), true) + masked(mask, text.substring(cut), false));
        }
    }

    @Test
    public void aTextThatDoesNotGoOnIsOver() {
        ProofMask mask = new ProofMask(true);
        masked(mask, "CHAP_R=12", false);
        assertEquals("X=1", masked(mask, "X=1", false));
    }

    @Test
    public void whatHasBegunUnseenMayBeAny() {
        assertEquals("*****\0X=1", masked(new ProofMask(false), "0x12a\0X=1", false));
    }
}
