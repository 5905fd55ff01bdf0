package io.sluice.backstore.nbd;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.nbd.client.LinkSettings;
import io.sluice.backstore.nbd.client.NbdAddress;
import io.sluice.backstore.nbd.client.TlsFiles;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is configured of an NBD backstore.
 *
 * @param address where the export is
 * @param connections how many there are at most
 */
record NbdOptions(NbdAddress address, int connections, LinkSettings link) {

    private static final String URI = "uri";
    private static final String CONNECTIONS = "connections";
    private static final String TIMEOUT = "timeout";
    private static final String KEEPS = "serverKeeps";
    private static final String CA = "ca";
    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "keyFile";
    private static final int DEFAULT_CONNECTIONS = 2;
    private static final int MOST_CONNECTIONS = 8;
    private static final int DEFAULT_SECONDS = 20;

    /** Less than a volume gives an operation that is under way; counted from the first connection that is lost. */
    private static final int MOST_SECONDS = 25;

    static final List<BackstoreOption> ALL = List.of(
            new BackstoreOption(URI, true, "nbd://HOST:PORT/EXPORT or nbd+unix:///EXPORT?socket=/PATH; nbds for TLS"),
            new BackstoreOption(
                    CONNECTIONS,
                    false,
                    "1 to 8, where the server allows more than one; " + DEFAULT_CONNECTIONS + " if left out"),
            new BackstoreOption(
                    TIMEOUT,
                    false,
                    "1 to 25 seconds that a lost server is waited for; " + DEFAULT_SECONDS + " if left out"),
            new BackstoreOption(
                    KEEPS,
                    BackstoreOption.Type.FLAG,
                    false,
                    "true if the server loses nothing that it has answered when it is killed, as with raw files"),
            new BackstoreOption(CA, false, "PEM file of those who vouch for the server; those of Java if left out"),
            new BackstoreOption(CERTIFICATE, false, "PEM file of the certificate that the server wants to see"),
            new BackstoreOption(
                    KEY, BackstoreOption.Type.SECRET, false, "PEM file of its key, PKCS#8, without a password"));

    /** Reads the options. */
    static NbdOptions of(BackstoreConfig config) throws ConfigException {
        Map<String, String> options = config.options();
        String uri = options.get(URI);
        if (uri == null || uri.isEmpty()) {
            throw new ConfigException(
                    "an nbd backstore needs the address of an export: add -o uri=nbd://HOST:PORT/EXPORT");
        }
        NbdAddress address = NbdAddress.parse(uri);
        for (String file : List.of(CA, CERTIFICATE, KEY)) {
            if (options.get(file) != null && !address.tls()) {
                throw new ConfigException("option " + file + " is for TLS: write nbds instead of nbd in the uri");
            }
        }
        for (String file : List.of(CA, CERTIFICATE)) {
            if (options.get(file) != null && !options.get(file).startsWith("/")) {
                throw new ConfigException(
                        "option " + file + " is '" + options.get(file) + "': give the whole path of a file");
            }
        }
        if ((options.get(CERTIFICATE) == null) != (options.get(KEY) == null)) {
            throw new ConfigException("a certificate needs its key: give both of " + CERTIFICATE + " and " + KEY);
        }
        return new NbdOptions(
                address,
                number(options, CONNECTIONS, MOST_CONNECTIONS, DEFAULT_CONNECTIONS),
                new LinkSettings(
                        Duration.ofSeconds(number(options, TIMEOUT, MOST_SECONDS, DEFAULT_SECONDS)),
                        Boolean.parseBoolean(options.get(KEEPS))));
    }

    private static int number(Map<String, String> options, String name, int most, int otherwise)
            throws ConfigException {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new ConfigException(
                    "option " + name + " of an nbd backstore is '" + text + "': it is a number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }

    /** Finds the files of TLS; may wait for a disk. */
    static TlsFiles tls(BackstoreConfig config, BackstoreContext context) throws BackstoreException {
        String authority = config.options().get(CA);
        String certificate = config.options().get(CERTIFICATE);
        return new TlsFiles(
                authority == null ? null : Path.of(authority),
                certificate == null ? null : Path.of(certificate),
                certificate == null ? null : context.secret(KEY));
    }
}
