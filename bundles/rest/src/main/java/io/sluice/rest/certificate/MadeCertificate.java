package io.sluice.rest.certificate;

import io.sluice.rest.file.OwnerFile;
import io.sluice.rest.shape.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate that nobody had to ask an authority for: made at first, kept, and made anew before it ends, or when the server
 * listens at an address that it is not for. One thread at a time.
 */
public final class MadeCertificate {

    private static final Logger LOG = LoggerFactory.getLogger(MadeCertificate.class);

    /** Browsers take none that is for longer than 398. */
    private static final int DAYS = 397;

    private static final Duration LEFT = Duration.ofDays(30);

    /** A clock that is set back by no more than that was well enough. */
    private static final Duration SET_BACK = Duration.ofHours(1);

    /** After so long it is tried again to make one in the place of one that still counts. */
    private static final Duration AGAIN = Duration.ofDays(1);

    private static final int MOST_FILE_BYTES = 64 << 10;
    private static final int MOST_NAMES = 64;
    private static final int PEM_LINE = 64;

    /** Type of a general name that is an address (RFC 5280 4.2.1.6). */
    private static final int ADDRESS = 7;

    private final Path folder;
    private final Path certificateFile;
    private final Path keyFile;
    private final Clock clock;

    /** @param folder where it is kept: {@code certificate.pem}, {@code key.pem} */
    public MadeCertificate(Path folder, Clock clock) {
        this.folder = folder;
        this.certificateFile = folder.resolve("certificate.pem");
        this.keyFile = folder.resolve("key.pem");
        this.clock = clock;
    }

    /**
     * What there is to listen with.
     *
     * @param certificate PEM file
     * @param key PEM file
     * @param renewal when it has to be asked for again
     */
    public record Files(Path certificate, Path key, Instant renewal) {}

    /**
     * Returns a certificate, the one that is kept or a new one; may take as long as another program does.
     *
     * @param address where it is for
     * @throws IOException if there is none; the message is one line for the operator
     */
    public Files at(InetSocketAddress address) throws IOException {
        X509Certificate kept = kept();
        if (kept != null && isFor(kept, address.getAddress()) && isForNow(kept)) {
            return files(renewal(kept));
        }
        try {
            return files(renewal(make(address.getAddress())));
        } catch (IOException failed) {
            if (kept == null || clock.instant().isAfter(kept.getNotAfter().toInstant())) {
                throw new IOException("a certificate cannot be made: " + reason(failed), failed);
            }
            LOG.warn("no new certificate can be made for REST, which works with the old one: {}", reason(failed));
            return files(clock.instant().plus(AGAIN));
        }
    }

    /** Of some failures the message is nothing but a path. */
    private static String reason(IOException failed) {
        String kind = failed instanceof FileSystemException ? failed.getClass().getSimpleName() + ": " : "";
        return RefusedException.oneLine(kind + failed.getMessage());
    }

    private Files files(Instant renewal) {
        return new Files(certificateFile, keyFile, renewal);
    }

    private static Instant renewal(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().minus(LEFT);
    }

    /** Returns the one that is kept; null if there is none that can be used. */
    private X509Certificate kept() {
        try {
            byte[] certificate = new OwnerFile(certificateFile).read(MOST_FILE_BYTES);
            byte[] key = new OwnerFile(keyFile).read(MOST_FILE_BYTES);
            if (certificate == null || key == null) {
                return null;
            }
            X509Certificate parsed = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            if (belongTogether(parsed, parseKey(key))) {
                return parsed;
            }
            LOG.warn("{} is not of {}: both are made anew", keyFile, certificateFile);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException wrong) {
            LOG.warn("what is kept in {} cannot be used, and is made anew: {}", folder, wrong.toString());
        }
        return null;
    }

    private static PrivateKey parseKey(byte[] pem) throws GeneralSecurityException {
        String base64 = new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    /** The process may have ended after one of the two was replaced. */
    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(certificate.getEncoded());
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update(certificate.getEncoded());
        return signature.verify(signed);
    }

    private static boolean isFor(X509Certificate certificate, InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return true;
        }
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0).equals(ADDRESS)
                        && InetAddress.getByName((String) name.get(1)).equals(address)) {
                    return true;
                }
            }
            return false;
        } catch (GeneralSecurityException | UnknownHostException wrong) {
            LOG.debug("what the certificate is for cannot be read", wrong);
            return false;
        }
    }

    /** One that was made while the clock was ahead is not good yet, for clients whose clocks are right. */
    private boolean isForNow(X509Certificate certificate) {
        Instant now = clock.instant();
        Instant begin = certificate.getNotBefore().toInstant().minus(SET_BACK);
        return !now.isBefore(begin) && now.isBefore(renewal(certificate));
    }

    private X509Certificate make(InetAddress address) throws IOException {
        Keytool.Pair made = Keytool.make(folder.resolve(".making"), names(address), DAYS);
        try {
            byte[] encoded = made.certificate().getEncoded();
            new OwnerFile(keyFile).replace(pem("PRIVATE KEY", made.key().getEncoded()));
            new OwnerFile(certificateFile).replace(pem("CERTIFICATE", encoded));
            LOG.info(
                    "made a certificate for REST, {}, which is for {} days; its SHA-256 fingerprint is {}",
                    certificateFile,
                    DAYS,
                    HexFormat.ofDelimiter(":")
                            .withUpperCase()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded)));
        } catch (GeneralSecurityException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
        return made.certificate();
    }

    private static byte[] pem(String what, byte[] content) {
        String lines = Base64.getMimeEncoder(PEM_LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return ("-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** This machine as it is found from itself, and from others as far as the server listens for them. */
    private static List<String> names(InetAddress address) throws IOException {
        Set<String> names = new LinkedHashSet<>(List.of("dns:localhost", "ip:127.0.0.1", "ip:::1"));
        if (address.isAnyLocalAddress()) {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(own -> !own.isLinkLocalAddress() && !own.isLoopbackAddress())
                    .limit(MOST_NAMES)
                    .forEach(own -> names.add(ip(own)));
        } else if (!names.contains(ip(address))) {
            names.add(ip(address));
        }
        try {
            String host = InetAddress.getLocalHost().getHostName();
            if (host.matches("[A-Za-z0-9-]{1,63}([.][A-Za-z0-9-]{1,63}){0,8}") && host.matches(".*[A-Za-z].*")) {
                names.add("dns:" + host);
            }
        } catch (UnknownHostException nameless) {
            LOG.debug("this machine does not know its name", nameless);
        }
        return List.copyOf(names);
    }

    private static String ip(InetAddress address) {
        return "ip:" + address.getHostAddress().replaceFirst("%.*", "");
    }
}
