import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

public final class Recon {
    record Posting(String account, long minor, byte[] narrative) {}

    private static final long T0 = System.nanoTime();

    private static void log(String level, String logger, String message) {
        System.out.printf("%8d %-5s [main] c.l.recon.%s - %s%n", Duration.ofNanos(System.nanoTime() - T0).toMillis(), level, logger, message);
    }

    private static List<Posting> day(int day) {
        List<Posting> postings = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            byte[] narrative = new byte[1024];
            postings.add(new Posting("GB%06d".formatted((day * 31 + i) % 4000), ThreadLocalRandom.current().nextLong(-90_000, 90_000), narrative));
        }
        return postings;
    }

    public static void main(String[] args) throws Exception {
        log("INFO", "Bootstrap", "ledger reconciliation, 90 days, heap max " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        log("WARN", "Bootstrap", "no log4j2 configuration found, using defaults");
        Map<String, Long> byAccount = new HashMap<>();
        for (int day = 1; day <= 90; day++) {
            for (Posting posting : day(day)) byAccount.merge(posting.account(), posting.minor(), Long::sum);
            Thread.sleep(60);
            if (day % 10 == 0) log("INFO", "Matcher", "day " + day + ": accounts=" + byAccount.size() + " unmatched=0 errors=0");
        }
        StringBuilder report = new StringBuilder("account,balance\n");
        byAccount.forEach((account, balance) -> report.append(account).append(',').append(balance.longValue()).append('\n'));
        Files.write(Path.of(System.getenv("AZURE_ML_OUTPUT_recon"), "balances.csv"), report.toString().getBytes(StandardCharsets.UTF_8));
        log("INFO", "Report", "balances.csv: " + byAccount.size() + " accounts");
    }
}
