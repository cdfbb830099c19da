import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;

/** Laudos periciais: extrai valores e grava um arquivo por comarca. */
public class Laudos {
    private static final ExecutorService FILA = Executors.newFixedThreadPool(3);

    static String comarca(int n) throws Exception {
        new ProcessBuilder("sleep", String.valueOf(300 + 40 * n)).start().waitFor();
        Random sorteio = new Random(n);
        StringBuilder linhas = new StringBuilder();
        for (int i = 0; i < 60; i++) linhas.append(n).append(';').append(i).append(';').append(sorteio.nextInt(90000)).append('\n');
        Path destino = Paths.get(System.getenv("AZURE_ML_OUTPUT_laudos"), "comarca_" + n + ".csv");
        Files.writeString(destino, linhas);
        return destino.getFileName().toString();
    }

    public static void main(String[] args) throws Exception {
        System.out.println("[main] INFO Laudos - 12 comarcas, 3 em paralelo");
        List<Future<String>> futuros = new ArrayList<>();
        for (int n = 1; n <= 12; n++) {
            final int c = n;
            futuros.add(FILA.submit(() -> comarca(c)));
        }
        for (Future<String> f : futuros) System.out.println("[main] INFO Laudos - gravado " + f.get());
        System.out.println("[main] INFO Laudos - 12 de 12 gravadas, encerrando");
    }
}
