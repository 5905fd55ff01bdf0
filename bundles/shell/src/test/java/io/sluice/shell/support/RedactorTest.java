package io.sluice.shell.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.Test;

/** What looks like a secret is taken out of every kind of text, and what does not stays. */
public class RedactorTest {

    private static final String MARK = "k9Hidden7z";

    private final Redactor redactor = new Redactor(List.of("known-" + MARK, "short"));

    @Test
    public void whatLooksLikeASecretGoes() {
        for (String line : List.of(
                "password=" + MARK,
                "Password : my own " + MARK,
                "\"passwd\": \"" + MARK + "\"",
                "the password of bob: " + MARK,
                "passphrase = with blanks and " + MARK,
                "secret: " + MARK,
                "chapSecret=\"two words " + MARK + "\"",
                "api_key='" + MARK + "'",
                "privateKey = " + MARK,
                "keyCommand: " + MARK,
                "access_token=" + MARK + "&x=y",
                "CHAP_R=0x" + MARK,
                "Authorization: Basic abc " + MARK,
                "sent Bearer " + MARK + "/xyz",
                "the token sluice_" + MARK + "abc was refused",
                "https://user:" + MARK + "@host/path",
                "drew " + MARK + "AAAAaaaa0000BBBBbbbb1111CCCC for it",
                "in the middle of known-" + MARK + " of a line")) {
            assertFalse(line, redactor.text(line).contains(MARK));
            assertTrue(line, redactor.text(line).contains(Redactor.GONE));
        }
    }

    @Test
    public void whatIsNoneStays() {
        for (String line : List.of(
                "2026-11-28T12:34:56.789Z alice@127.0.0.1 resize backstore disk0 to 20 GiB: done",
                "session=3 initiator=iqn.1994-05.com.host:a remote=10.0.0.5:40122 ended: the initiator logged out",
                "cannot read etc/secrets/web1.chap: no such file",
                "at org.apache.karaf.shell.impl.console.ConsoleSessionImpl.execute(ConsoleSessionImpl.java:421)",
                "disk0 is naa.3123456789abcdef0123456789abcdef, 10 GiB, a short name")) {
            assertEquals(line + "\n", redactor.text(line));
        }
    }

    @Test
    public void aPrivateKeyGoesWholeAlsoIfItDoesNotEnd() {
        String key = "before\n-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----\nafter\n";
        assertEquals("before\n[a private key, left out]\nafter\n", redactor.text(key));
        assertEquals("before\n[a private key, left out]\n", redactor.text(key.substring(0, key.indexOf("-----END"))));
    }

    @Test
    public void aDocumentKeepsItsShape() throws Exception {
        ObjectMapper json = new ObjectMapper();
        String document =
                """
                {"name":"web1","chap":{"user":"u","secret":"k9Hidden7z"},"options":{"keyFile":"k9Hidden7z","path":"a.img",\
                "keys":["k9Hidden7z",7],"passwords":{"inner":"x"},"keyed":true,"note":"password=k9Hidden7z"}}""";
        assertEquals(
                """
                {"name":"web1","chap":{"user":"u","secret":"[left out]"},"options":{"keyFile":"[left out]","path":"a.img",\
                "keys":["[left out]","[left out]"],"passwords":{"inner":"x"},"keyed":true,"note":"password=[left out]"}}""",
                json.readTree(redactor.json(document)).toString());
    }

    @Test
    public void settingsLoseTheValuesOfWhatIsNamedSo() {
        Properties settings = new Properties();
        settings.setProperty("tls.keyStorePassword", "with blanks " + MARK);
        settings.setProperty("empty.secret", "");
        settings.setProperty("port", "3260");
        assertEquals("empty.secret = \nport = 3260\ntls.keyStorePassword = [left out]\n", redactor.settings(settings));
    }

    @Test
    public void aLineThatSomebodyHasMadeForItTakesNoTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        for (String piece : List.of("key", "a1B", "://a:", "\"secret", "key=\"", "-----BEGIN ", "bearer ")) {
            redactor.text(piece.repeat(1_000_000 / piece.length()));
            redactor.text((piece.repeat(1000) + "\n").repeat(100));
        }
        assertTrue(Duration.ofNanos(threads.getCurrentThreadCpuTime() - begin).toSeconds() < 20);
    }
}
