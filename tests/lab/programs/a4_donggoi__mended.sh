#!/usr/bin/env bash
set -euo pipefail
THU_MUC="$AZURE_ML_OUTPUT_anh_ve_tinh"
echo "== chuẩn bị ảnh vệ tinh lưu vực sông Hồng =="
python chuan_bi.py "$THU_MUC"
echo "== đóng gói =="
python dong_goi.py "$THU_MUC"
sleep 30
echo "== hoàn tất, xem tệp luu_vuc.tar trong thư mục đầu ra =="
