package io.sluice.backstore.nbd.client;

import io.sluice.backstore.nbd.protocol.NbdProtocolException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;

/** Why there is no connection, in a line for the operator. */
public final class NbdFailures {

    private NbdFailures() {}

    /** Returns what went wrong. */
    public static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NbdProtocolException) {
            return "the server has sent " + firstLine(cause);
        }
        if (cause instanceof SSLException) {
            return "TLS has failed: " + firstLine(cause);
        }
        if (cause instanceof RejectedExecutionException) {
            return NbdLoop.GONE;
        }
        return cause instanceof ConnectException ? "nobody answers there (" + firstLine(cause) + ")" : firstLine(cause);
    }

    private static String firstLine(Throwable cause) {
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
